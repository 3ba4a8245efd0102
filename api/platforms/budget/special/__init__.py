"""The report on one topic 专题分析报告: chosen units, projects, a fund or words, over years."""
