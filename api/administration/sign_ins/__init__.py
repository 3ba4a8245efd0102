"""Who has signed in and who has tried to, from where and when."""
