SELECT COUNT(`реrson`) FROM sales
