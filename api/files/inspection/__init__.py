"""Reading of files that anybody may have sent, in a process of its own."""
