"""Until when: terms of the law and of the office, how each due date came about, who must act."""
