"""The five platforms; none knows another."""
