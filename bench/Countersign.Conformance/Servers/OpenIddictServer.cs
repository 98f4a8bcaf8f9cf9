using Countersign.Conformance.Clients;
using Countersign.Conformance.Nodes;
using Countersign.Harness;

namespace Countersign.Conformance.Servers;

/// <summary>OpenIddict with its EF Core stores, password and refresh token flow.</summary>
internal sealed class OpenIddictServer(string assembly) : Server
{
    public override string Name => "openiddict";

    public override string Title => "OpenIddict";

    public override string Assembly => assembly;

    public override string ReadyPath => "ready";

    public override IReadOnlyList<string> Versions =>
    [
        $"OpenIddict.AspNetCore {Binaries.VersionOf(assembly, "OpenIddict.Server.AspNetCore.dll")}",
        $"OpenIddict.EntityFrameworkCore {Binaries.VersionOf(assembly, "OpenIddict.EntityFrameworkCore.dll")}",
        $"Microsoft.AspNetCore.Identity.EntityFrameworkCore {Binaries.VersionOf(assembly, "Microsoft.AspNetCore.Identity.EntityFrameworkCore.dll")}",
    ];

    public override IReadOnlyList<string> Configuration =>
    [
        "EF Core stores, ASP.NET Core Identity for the accounts, a registered public client, password and refresh token flow.",
        "Rolling refresh tokens with the default reuse leeway (30 s) and default lifetimes; two RSA certificates, as recommended for production.",
        "`EnableTokenEntryValidation` and `EnableAuthorizationEntryValidation` are on, which its documentation names for APIs that need revocation at once.",
        "Logout and password change are the application's: both revoke the authorization and all its tokens through OpenIddict's managers (more than its " +
        "revocation endpoint does), and a refresh also compares Identity's security stamp.",
        "The certificates lie in a folder that the nodes share, and are not part of what is restored.",
    ];

    public override IReadOnlyDictionary<string, string> Settings(NodePlan plan) => PeerSettings.For(plan);

    public override HttpRequestMessage Register(Uri node, Account account) =>
        Post(node, "register", new { email = account.Email, password = account.Password });

    public override HttpRequestMessage LogIn(Uri node, Account account) => Form(
        node, "connect/token", ("client_id", "app"), ("grant_type", "password"), ("username", account.Email), ("password", account.Password),
        ("scope", "offline_access"));

    public override HttpRequestMessage Refresh(Uri node, string token) =>
        Form(node, "connect/token", ("client_id", "app"), ("grant_type", "refresh_token"), ("refresh_token", token));

    public override HttpRequestMessage Me(Uri node, string access) => Get(node, "me", access);

    public override HttpRequestMessage LogOut(Uri node, TokenPair pair) => Post(node, "logout", new { }, pair.Access);

    public override HttpRequestMessage ChangePassword(Uri node, string access, Account account, string newPassword) =>
        Post(node, "password", new { oldPassword = account.Password, newPassword }, access);
}
