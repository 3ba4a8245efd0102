"""The unfiled: yearly lists of makers, gaps in numbers, texts that are cited and not kept."""
