"""Walk through a written text and see each next piece's probability; needs no kernel."""

from bmcourse.widgets.next_piece.view import NextPiece

__all__ = ["NextPiece"]
