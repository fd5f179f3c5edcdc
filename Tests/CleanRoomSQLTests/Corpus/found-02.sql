E CO'\\(ai\rM p opi\>
pi\r**