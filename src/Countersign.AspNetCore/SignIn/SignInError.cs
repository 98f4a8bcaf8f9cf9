namespace Countersign.AspNetCore.SignIn;

/// <summary>Why a password was not accepted.</summary>
internal enum SignInError
{
    /// <summary>
    /// Unknown, wrong, locked by Identity's lockout, inactive, or without a password: one answer for all, after the same work, so that a stranger learns
    /// nothing.
    /// </summary>
    WrongCredentials = 1,

    /// <summary>
    /// Too many attempts from the client's network or at this name; nothing was compared. Names with and without an account are counted alike.
    /// </summary>
    TooManyAttempts,
}
