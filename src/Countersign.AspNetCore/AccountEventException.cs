namespace Countersign.AspNetCore;

/// <summary>
/// A class of the app with <see cref="IAccountEvents{TUser}"/> threw before a sign-up or a login, so nothing was changed. The log has the cause.
/// </summary>
public sealed class AccountEventException : Exception
{
    internal AccountEventException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
