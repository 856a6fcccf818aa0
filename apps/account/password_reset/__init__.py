"""重设密码: by the number of the account, a code to its phone and the end of the ID number."""
