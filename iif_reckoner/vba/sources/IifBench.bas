Attribute VB_Name = "IifBench"
Option Explicit
' Times the way to Python and back in this very Excel and writes what it found on About; started by hand (Alt+F8).

Private Const SECONDS_A_DAY As Double = 86400

Public Sub IIF_BENCH()
    Dim result As Range
    Dim counts As Variant
    Dim place As Long
    Dim found As String

    On Error GoTo Missing
    Set result = ThisWorkbook.Names("IIF_BENCH_RESULT").RefersToRange
    On Error GoTo Failed
    counts = Array(1, 100, 10000)
    found = Format$(Now, "yyyy-mm-dd hh:nn") & ", Excel " & Application.Version & ", " & Answer() & ", calls: "
    For place = LBound(counts) To UBound(counts)
        If place > LBound(counts) Then found = found & ", "
        found = found & counts(place) & " in " & Format$(SecondsFor(counts(place)), "0.000") & " s"
    Next place
    result.Value = found
    Exit Sub
Failed:
    result.Value = "could not be measured: " & Err.Description
    Exit Sub
Missing:
    MsgBox "This workbook has no place named IIF_BENCH_RESULT.", vbInformation, "IIF"
End Sub

Private Function SecondsFor(ByVal calls As Long) As Double
    Dim turn As Long
    Dim began As Double

    began = Timer
    For turn = 1 To calls
        Answer
    Next turn
    SecondsFor = Timer - began
    If SecondsFor < 0 Then SecondsFor = SecondsFor + SECONDS_A_DAY  ' Timer begins anew at midnight
End Function

' What answers. The first question is not timed: it also starts Python where that is not up yet.
Private Function Answer() As String
    Dim words As Variant

    words = IifCall("IIF_ENGINE", Array())
    If IsError(words) Then Err.Raise vbObjectError + 1, "IIF", "Python does not answer"
    Answer = words
End Function
