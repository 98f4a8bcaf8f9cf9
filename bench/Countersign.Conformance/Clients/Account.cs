namespace Countersign.Conformance.Clients;

/// <summary>Somebody with a password that every server takes: it has all that Identity's default rules ask for.</summary>
internal sealed class Account(string email)
{
    public string Email => email;

    public string Password { get; set; } = "Violet-umbrella-7-orbit";

    public override string ToString() => email;
}
