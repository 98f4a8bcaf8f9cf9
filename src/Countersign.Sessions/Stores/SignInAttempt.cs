namespace Countersign.Sessions.Stores;

/// <summary>What an attempt at a password counts against.</summary>
/// <param name="Subject">The account, the session or, where there is no account, the name: a prefix and an id or digest, at most 256 characters.</param>
/// <param name="Origin">From where: wrong attempts from one origin block that origin alone. At most 128 characters; empty where the subject has one counter.</param>
/// <param name="IsStranger">Whether nothing shows that the origin has logged in before: then the attempt counts against the subject's allowance for strangers too.</param>
internal readonly record struct SignInAttempt(string Subject, string Origin, bool IsStranger);
