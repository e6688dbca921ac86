/** Field of a user's row as read, beside the plan's: whether the user may sign in, `true` or `false`. */
export const maySignIn = "may_sign_in";
