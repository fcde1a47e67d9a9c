Attribute VB_Name = "IifRibbon"
Option Explicit
' What the buttons of the ribbon tab IIF do.

Public Sub IifRibbonRecalculate(control As IRibbonControl)
    Application.CalculateFull
End Sub

Public Sub IifRibbonReconnect(control As IRibbonControl)
    IIF_Reconnect
End Sub

Public Sub IifRibbonCheck(control As IRibbonControl)
    ShowPlace "IIF_SHEET_CHECKS"
End Sub

Public Sub IifRibbonGuide(control As IRibbonControl)
    ShowPlace "IIF_GUIDE"
End Sub

' Sheets are found by defined names, so renaming one harms nothing.
Private Sub ShowPlace(ByVal definedName As String)
    On Error GoTo Missing
    Application.Goto ThisWorkbook.Names(definedName).RefersToRange, True
    Exit Sub
Missing:
    MsgBox "This workbook has no visible place named " & definedName & ".", vbInformation, "IIF"
End Sub
