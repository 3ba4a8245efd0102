"""Terms of the law and of the office: until when, how each came about, and who must act."""
