"""Days of water and alerts, for views that stand beside other platforms."""
