"""The sessions of the congress 人代会会议, as rows: of the district, and of its towns."""
