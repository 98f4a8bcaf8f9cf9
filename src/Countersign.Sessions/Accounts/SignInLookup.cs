namespace Countersign.Sessions.Accounts;

/// <summary>What a name at login has led to.</summary>
/// <param name="Account">The account; null if there is none of that name.</param>
/// <param name="LookupName">The name in the form in which accounts are looked up: two spellings are one name exactly where this is equal.</param>
internal readonly record struct SignInLookup(SignInAccount? Account, string LookupName);
