"""Changes of the budget 预算调整 and shifts between items 调剂: by unit, item and document, and
which case of 预算法 art. 67 applies.
"""
