namespace Countersign.AspNetCore.SignIn;

/// <summary>Why a password was not accepted.</summary>
internal enum PasswordCheckFault
{
    /// <summary>
    /// Unknown, wrong, locked, blocked after too many guesses, inactive, not confirmed, or without a password: one answer for all, after the same work, so that
    /// a stranger learns nothing.
    /// </summary>
    WrongCredentials = 1,

    /// <summary>The client's network has tried too often; nothing was looked up.</summary>
    TooManyFromNetwork,
}
