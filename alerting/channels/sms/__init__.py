"""Text messages to mobile telephones, over Aliyun and Tencent Cloud."""
