LsT,'!?\\\b`, 3t\\\beL _js\be
