namespace Countersign.Conformance.Clients;

/// <summary>An account with a password that every server accepts: it satisfies Identity's default rules.</summary>
internal sealed class Account(string email)
{
    public string Email => email;

    public string Password { get; set; } = "Violet-umbrella-7-orbit";

    public override string ToString() => email;
}
