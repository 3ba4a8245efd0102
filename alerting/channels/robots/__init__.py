"""Robots that write into the group chats of WeCom, DingTalk and Feishu."""
