namespace Countersign.Passwords;

/// <summary>The network and account that a place in the queue of a <see cref="PasswordEngine"/> counts for. The default value counts for neither.</summary>
/// <param name="Network">
/// The client's network, such as the text of an IPv4 address or of an IPv6 /64; compared byte by byte. Null: not counted by network.
/// </param>
/// <param name="Account">The account's key or the normalised name that was asked for; compared byte by byte. Null: not counted by account.</param>
public readonly record struct PasswordQueueKey(string? Network, string? Account);
