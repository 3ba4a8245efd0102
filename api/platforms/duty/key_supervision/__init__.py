"""Key supervision 重点督办: proposed, decided, answered face to face."""
