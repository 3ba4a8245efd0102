"""Combined views 组合分析: rows of several platforms side by side, each figure with its rows."""
