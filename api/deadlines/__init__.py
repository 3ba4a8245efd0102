"""Until when: terms of the law, what started them, and how each due date came about."""
