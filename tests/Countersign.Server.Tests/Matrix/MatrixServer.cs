using System.Security.Cryptography;
using System.Text;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Keys;

namespace Countersign.Server.Tests.Matrix;

/// <summary>
/// A server with everybody on it who should find no way in, the keys to make what an attacker would have to make, and a second server beside it.
/// </summary>
public sealed class MatrixServer : RunningServer
{
    internal const string ClientId = "matrix";

    private const string Audience = "https://api.matrix.example";

    private readonly List<ApiClient> _clients = [];
    private readonly OtherServer _elsewhere = new();

    /// <summary>The secret of the client that may ask of this server's tokens.</summary>
    internal static string ClientSecret { get; } = Forge.Encode(RandomNumberGenerator.GetBytes(32));

    /// <summary>The secret of a client of another audience.</summary>
    internal static string OtherSecret { get; } = Forge.Encode(RandomNumberGenerator.GetBytes(32));

    /// <summary>The client's credential as members of a form.</summary>
    internal static string ClientForm => $"client_id={ClientId}&client_secret={ClientSecret}";

    /// <summary>The route table.</summary>
    internal IReadOnlyList<Operation> Operations { get; private set; } = [];

    /// <summary>The roles that routes ask for.</summary>
    internal IReadOnlyList<string> RolesAskedFor { get; private set; } = [];

    /// <summary>What the rounds have come to, for the report.</summary>
    internal MatrixReport Report { get; } = new();

    /// <summary>Makes access tokens; from the account that is in order.</summary>
    internal Forge Access { get; private set; } = null!;

    /// <summary>Makes refresh tokens; from the same account.</summary>
    internal Forge Refresh { get; private set; } = null!;

    /// <summary>An account that is in order, and a second session of it.</summary>
    internal ApiClient Live { get; private set; } = null!;

    internal string OtherSessionId { get; private set; } = null!;

    internal ApiClient Stranger { get; private set; } = null!;

    internal ApiClient LoggedOut { get; private set; } = null!;

    internal ApiClient LoggedOutEverywhere { get; private set; } = null!;

    internal ApiClient EndedFromElsewhere { get; private set; } = null!;

    internal ApiClient PasswordChanged { get; private set; } = null!;

    internal string OldPassword { get; private set; } = null!;

    internal ApiClient Deactivated { get; private set; } = null!;

    internal ApiClient Deleted { get; private set; } = null!;

    internal ApiClient MadeAgain { get; private set; } = null!;

    internal ApiClient FamilyRevoked { get; private set; } = null!;

    internal ApiClient Elsewhere { get; private set; } = null!;

    /// <summary>An account of the time before everybody's sessions were ended.</summary>
    internal ApiClient OfOldEpoch { get; private set; } = null!;

    /// <summary>A token of a key that the server had published and has no more.</summary>
    internal string OfRemovedKey { get; private set; } = null!;

    /// <summary>Tokens are left behind at once, so that the tests wait for nothing.</summary>
    protected override IReadOnlyDictionary<string, string> Environment { get; } =
        Settings(
            ("Auth__Refresh__Grace", "00:00:00"),
            ("Auth__Refresh__LostResponseWindow", "00:00:00"),
            ("Auth__Lockout__MaxFailedAttempts", "100"),
            ("Auth__Audience", Audience),
            ("Auth__Clients__0__Id", ClientId),
            ("Auth__Clients__0__SecretHash", Hash(ClientSecret)),
            ("Auth__Clients__0__Audiences__0", Audience),
            ("Auth__Clients__1__Id", "other"),
            ("Auth__Clients__1__SecretHash", Hash(OtherSecret)),
            ("Auth__Clients__1__Audiences__0", "https://other.example"));

    public override async ValueTask InitializeAsync()
    {
        Canaries.Add(ClientSecret);
        Canaries.Add(OtherSecret);
        await base.InitializeAsync();
        await _elsewhere.InitializeAsync();
        Elsewhere = await _elsewhere.LoggedInAsync();
        _clients.Add(Elsewhere);
        OfOldEpoch = await NewAccountAsync();
        await CommandAsync("sessions", "revoke", "--all");
        await Patience.UntilAsync(async () => (await OfOldEpoch.GetAsync("/auth/sessions", OfOldEpoch.AccessToken)).Status != 200);
        Live = await NewAccountAsync();
        OtherSessionId = (await SessionIdsAsync(Live, logInFirst: true))[1];
        Stranger = await NewAccountAsync();

        await using var node = SecondNode.Build(DataDirectory, Environment);
        Operations = node.ReadOperations();
        RolesAskedFor = node.ReadRoles();
        var keys = await node.OpenKeysAsync();
        foreach (var (_, key) in keys)
        {
            Canaries.Add(PrivatePart(key));
        }

        Access = new Forge(Live.AccessToken, Find(keys, KeyUse.AccessToken, KeyState.Current));
        Refresh = new Forge(Live.RefreshToken, Find(keys, KeyUse.RefreshToken, KeyState.Current));
        await RemoveKeyAsync(Find(keys, KeyUse.AccessToken, KeyState.Next));
        await MakeTheDeadAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await Report.WriteAsync(Operations);
        _clients.ForEach(static client => client.Dispose());
        await _elsewhere.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>An account that nobody else uses, kept until the end.</summary>
    internal async Task<ApiClient> NewAccountAsync()
    {
        var client = Client();
        _clients.Add(client);
        client.OwnPassword = $"quiet lantern {Guid.CreateVersion7():N}";
        await client.RegisterAsync();
        await client.LogInAsync();
        return client;
    }

    /// <summary>Runs a statement on the database, past everything of ours.</summary>
    internal Task<int> ExecuteAsync(string statement) => Sqlite.ExecuteAsync(Database, statement);

    /// <summary>The ids of an account's live sessions, the newest first.</summary>
    internal static async Task<IReadOnlyList<string>> SessionIdsAsync(ApiClient client, bool logInFirst = false)
    {
        if (logInFirst)
        {
            await client.LogInAsync();
        }

        var list = await client.GetAsync("/auth/sessions", client.AccessToken);
        return [.. list.Body.GetProperty("sessions").EnumerateArray().Select(static session => session.GetProperty("id").GetString()!)];
    }

    private static SigningKey Find(IReadOnlyList<(StoredKey Row, SigningKey Key)> keys, KeyUse use, KeyState state) =>
        keys.Single(pair => pair.Row.Use == use && pair.Row.State == state).Key;

    internal static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>What nobody else can make of a key: the secret itself, or the private number without the words around it.</summary>
    private static byte[] PrivatePart(SigningKey key)
    {
        if (key.Algorithm.IsSymmetric)
        {
            return key.ExportPrivateKey();
        }

        using var ec = ECDsa.Create();
        ec.ImportPkcs8PrivateKey(key.ExportPrivateKey(), out _);
        return ec.ExportParameters(includePrivateParameters: true).D!;
    }

    private async Task RemoveKeyAsync(SigningKey key)
    {
        OfRemovedKey = Access.Sign(header: header => header["kid"] = key.KeyId, with: key);

        // Good until then: the key is what refuses it afterwards.
        Assert.Equal(200, (await Live.MeAsync(OfRemovedKey)).Status);
        await ExecuteAsync($"UPDATE countersign_keys SET state = {(int)KeyState.Revoked} WHERE kid = '{key.KeyId}'");
        await ExecuteAsync("UPDATE countersign_key_state SET version = version + 1");
        await Patience.UntilAsync(async () => !(await Live.GetAsync("/.well-known/jwks.json")).Raw.Contains(key.KeyId!, StringComparison.Ordinal));
    }

    private async Task MakeTheDeadAsync()
    {
        LoggedOut = await NewAccountAsync();
        Assert.Equal(204, (await LoggedOut.PostAsync("/auth/logout", bearer: LoggedOut.AccessToken)).Status);

        LoggedOutEverywhere = await NewAccountAsync();
        Assert.Equal(204, (await LoggedOutEverywhere.PostAsync("/auth/logout-all", bearer: LoggedOutEverywhere.AccessToken)).Status);

        EndedFromElsewhere = await NewAccountAsync();
        var ended = (await SessionIdsAsync(EndedFromElsewhere))[0];
        Assert.Equal(204, (await EndedFromElsewhere.SendAsync(HttpMethod.Delete, $"/auth/sessions/{ended}", bearer: EndedFromElsewhere.AccessToken)).Status);

        PasswordChanged = await NewAccountAsync();
        OldPassword = PasswordChanged.OwnPassword;
        PasswordChanged.OwnPassword = $"another {OldPassword}";
        Assert.Equal(200, (await PasswordChanged.PostAsync(
            "/auth/change-password", new { current_password = OldPassword, new_password = PasswordChanged.OwnPassword }, PasswordChanged.AccessToken)).Status);

        Deleted = await NewAccountAsync();
        await DeleteAsync(Deleted);
        MadeAgain = await NewAccountAsync();
        await DeleteAsync(MadeAgain);
        await MadeAgain.RegisterAsync();

        FamilyRevoked = await NewAccountAsync();
        var leftBehind = FamilyRevoked.RefreshToken;
        FamilyRevoked.Keep(await FamilyRevoked.RefreshAsync());
        (await FamilyRevoked.RefreshAsync(leftBehind)).AssertRefused(400, "refresh_token_reused");

        Deactivated = await NewAccountAsync();
        await CommandAsync("users", "deactivate", Deactivated.Email);

        // By a route that asks no table: the account's own says so before the node has heard.
        await Patience.UntilAsync(async () => (await Deactivated.GetAsync("/auth/sessions", Deactivated.AccessToken)).Status != 200);
    }

    private static async Task DeleteAsync(ApiClient client) =>
        Assert.Equal(
            204,
            (await client.SendAsync(HttpMethod.Delete, "/users/me", ApiClient.Json(new { current_password = client.OwnPassword }), client.AccessToken)).Status);

    private sealed class OtherServer : RunningServer;
}
