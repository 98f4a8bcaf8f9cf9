using Countersign.Conformance.Clients;
using Countersign.Conformance.Nodes;
using Countersign.Conformance.Schedules;
using Countersign.Harness;

namespace Countersign.Conformance.Servers;

/// <summary>ASP.NET Core Identity's own endpoints, with bearer tokens.</summary>
internal sealed class MapIdentityApiServer(string assembly) : Server
{
    public override string Name => "mapidentityapi";

    public override string Title => "MapIdentityApi";

    public override string Assembly => assembly;

    public override string ReadyPath => "ready";

    public override IReadOnlyList<string> Versions =>
    [
        $"ASP.NET Core {Environment.Version} (MapIdentityApi is part of it)",
        $"Microsoft.AspNetCore.Identity.EntityFrameworkCore {Binaries.VersionOf(assembly, "Microsoft.AspNetCore.Identity.EntityFrameworkCore.dll")}",
    ];

    public override IReadOnlyList<string> Configuration =>
    [
        "`AddIdentityApiEndpoints<IdentityUser>().AddEntityFrameworkStores<…>()` and `MapIdentityApi<IdentityUser>()`; all options are the defaults.",
        "Its tokens are stateless by design: the server keeps nothing of them, a refresh reads the account and compares its security stamp. Bearer tokens " +
        "are documented for clients that can't use cookies.",
        "The key ring of Data Protection lies in a folder that the nodes share, and is not part of what is restored.",
        "The password is changed by `POST /manage/info`.",
    ];

    public override TokenMembers Members => TokenMembers.Identity;

    public override bool RefreshWrites => false;

    public override string? WhyNot(Needs need) => need.HasFlag(Needs.LogOut) ? "it has no logout for bearer tokens" : base.WhyNot(need);

    public override IReadOnlyDictionary<string, string> Settings(NodePlan plan) => PeerSettings.For(plan);

    public override HttpRequestMessage Register(Uri node, Account account) =>
        Post(node, "register", new { email = account.Email, password = account.Password });

    public override HttpRequestMessage LogIn(Uri node, Account account) => Post(node, "login", new { email = account.Email, password = account.Password });

    public override HttpRequestMessage Refresh(Uri node, string token) => Post(node, "refresh", new { refreshToken = token });

    public override HttpRequestMessage Me(Uri node, string access) => Get(node, "me", access);

    public override HttpRequestMessage LogOut(Uri node, TokenPair pair) => throw new InvalidOperationException("There is no logout.");

    public override HttpRequestMessage ChangePassword(Uri node, string access, Account account, string newPassword) =>
        Post(node, "manage/info", new { oldPassword = account.Password, newPassword }, access);
}
