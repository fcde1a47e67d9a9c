Attribute VB_Name = "IifBridge"
Option Explicit
' Carries an IIF function from its cell to Python and the answer back: values in, values and real error values out.

Private Const PYTHON_MODULE As String = "iif_reckoner.udfs"
Private Const ERROR_MARK As String = "#IIF "

Private engine As Object        ' Python, kept between calls
Private startFailed As Boolean  ' a start may take two minutes to fail; no second cell waits for it

' Ask Python for a whole block. Never raises: the cell shows #VALUE!, or #NAME? where Python cannot be reached, which is
' also what it shows where macros are off.
Public Function IifCall(ByVal functionName As String, ByVal arguments As Variant) As Variant
    Dim attempt As Long
    Dim answer As Variant
    Dim failure As Long

    If Not MadeValues(arguments) Then
        IifCall = CVErr(xlErrValue)
        Exit Function
    End If
    For attempt = 1 To 2
        If Not Reachable() Then
            IifCall = CVErr(xlErrName)
            Exit Function
        End If
        failure = Asked(functionName, arguments, answer)
        If failure = 0 Then
            IifCall = WithErrors(answer)
            Exit Function
        End If
        If Not MeansDead(failure) Then
            IifCall = CVErr(xlErrValue)
            Exit Function
        End If
        Set engine = Nothing
    Next attempt
    startFailed = True  ' a fresh process died as well: no third one for each of the other cells
    IifCall = CVErr(xlErrName)
End Function

' End the process, forget what failed, and work out every formula again.
Public Sub IIF_Reconnect()
    On Error Resume Next
    KillPy  ' fails where there is nothing to end
    Set engine = Nothing
    startFailed = False
    Application.CalculateFull
End Sub

' Exchange Ranges for their values: Python would read each Range with eleven calls across processes.
Private Function MadeValues(ByRef arguments As Variant) As Boolean
    Dim place As Long

    On Error GoTo Unusable
    For place = LBound(arguments) To UBound(arguments)
        If IsObject(arguments(place)) Then
            ' Value2 would give the first area and drop the others without a word.
            If arguments(place).Areas.Count > 1 Then Exit Function
            arguments(place) = arguments(place).Value2
        End If
    Next place
    MadeValues = True
Unusable:
End Function

Private Function Reachable() As Boolean
    If engine Is Nothing And Not startFailed Then
        On Error Resume Next
        Set engine = XLPy()
        startFailed = (engine Is Nothing)
    End If
    Reachable = Not startFailed
End Function

' Return 0 and the answer, or the number of the error.
Private Function Asked(ByVal functionName As String, ByVal arguments As Variant, ByRef answer As Variant) As Long
    On Error Resume Next
    ' In brackets, so by value: what goes by reference, COM lets Python change.
    answer = engine.CallUDF(PYTHON_MODULE, (functionName), (arguments))
    Asked = Err.Number
End Function

Private Function MeansDead(ByVal failure As Long) As Boolean
    Select Case failure
        Case 462, &H80010007, &H80010012, &H80010108, &H800706BA, &H800706BE, &H800706BF
            MeansDead = True
    End Select
End Function

' Make real error values of the marks, cell by cell; xlwings can only send text.
Private Function WithErrors(ByVal answer As Variant) As Variant
    Dim row As Long
    Dim column As Long

    Select Case Dimensions(answer)
        Case 0
            answer = CellValue(answer)
        Case 1  ' xlwings sends a block of one row flat
            For column = LBound(answer) To UBound(answer)
                answer(column) = CellValue(answer(column))
            Next column
        Case Else
            For row = LBound(answer, 1) To UBound(answer, 1)
                For column = LBound(answer, 2) To UBound(answer, 2)
                    answer(row, column) = CellValue(answer(row, column))
                Next column
            Next row
    End Select
    WithErrors = answer
End Function

Private Function Dimensions(ByRef answer As Variant) As Long
    Dim bound As Long

    If Not IsArray(answer) Then Exit Function
    Dimensions = 1
    On Error GoTo OnlyOne
    bound = UBound(answer, 2)
    Dimensions = 2
OnlyOne:
End Function

Private Function CellValue(ByVal value As Variant) As Variant
    CellValue = value
    If VarType(value) <> vbString Then Exit Function
    If Left$(value, Len(ERROR_MARK)) <> ERROR_MARK Then Exit Function
    If value = ERROR_MARK & "#N/A" Then
        CellValue = CVErr(xlErrNA)
    Else
        CellValue = CVErr(xlErrValue)
    End If
End Function
