"""Filing 报备: documents that makers file, checked, registered with a receipt, handed out."""
