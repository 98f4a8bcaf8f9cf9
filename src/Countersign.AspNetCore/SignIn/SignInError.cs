namespace Countersign.AspNetCore.SignIn;

/// <summary>Why a password was not accepted.</summary>
internal enum SignInError
{
    /// <summary>
    /// The account is unknown, locked by Identity's lockout, inactive or without a password, or the password is wrong. All get one answer after the same work,
    /// so that a stranger can't find out which.
    /// </summary>
    WrongCredentials = 1,

    /// <summary>
    /// Too many attempts from the client's network or at this name; nothing was compared. Names with and without an account are counted in the same way.
    /// </summary>
    TooManyAttempts,
}
