"""Interactive figures, a folder each: `numbers` computes, `view` shows."""
