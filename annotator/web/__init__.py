"""The web edge: parse, call one service or report, show."""
