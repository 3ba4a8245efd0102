"""The duty record 履职档案 of each deputy (代表法 art. 58): facts, and no total of them."""
