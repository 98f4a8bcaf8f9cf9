using System.Text.Json;
using Countersign.Server.Tests.OpenApi;

namespace Countersign.Server.Tests.Matrix;

/// <summary>
/// Every route that the server has, with every kind of bad credential that applies to it: refused as specified, alike where the cause must not show, and
/// without a trace in the database. The routes come from the route table, so that a new one is tried without being named here.
/// </summary>
public sealed class MatrixTests(MatrixServer server, ITestOutputHelper output) : IClassFixture<MatrixServer>
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "BREW"];

    private IEnumerable<Operation> Guarded => server.Operations.Where(static operation => operation.RequiresLogin);

    private IEnumerable<Operation> LookingThemselves =>
        server.Operations.Where(
            static operation => AnonymousRoutes.All.TryGetValue(operation.ToString(), out var route) && route.Takes == OwnCredential.RefreshTokenOrBearer);

    [Fact]
    public void EveryRoute_RequiresALoginOrIsOnTheReviewedList()
    {
        var unguarded = server.Operations.Where(static operation => !operation.RequiresLogin).Select(static operation => operation.ToString()).ToList();

        Assert.Equal([], unguarded.Except(AnonymousRoutes.All.Keys, StringComparer.Ordinal));
        Assert.Equal([], AnonymousRoutes.All.Keys.Except(unguarded, StringComparer.Ordinal));
        Assert.All(AnonymousRoutes.All.Values, static route => Assert.NotEmpty(route.Reason));
        Assert.True(Guarded.Count() >= 6, "The routes that require a login are not all there.");
        Assert.DoesNotContain("*", server.Operations.Select(static operation => operation.Method), StringComparer.Ordinal);
    }

    [Fact]
    public void EveryRoute_HasAGoodRequest() =>
        Assert.Equal(
            server.Operations.Select(static operation => operation.ToString()).Order(StringComparer.Ordinal),
            GoodRequests.Routes.Order(StringComparer.Ordinal),
            StringComparer.Ordinal);

    [Fact]
    public async Task EveryRoute_OneGoodCredential_Works()
    {
        using var connection = new RawConnection(server.Address);
        var document = await DocumentReading.FetchAsync(server.Address);
        foreach (var operation in server.Operations)
        {
            // An account for each, since some of them end it.
            var client = await server.NewAccountAsync();
            var (call, status) = await GoodRequests.MakeAsync(
                operation, client, (await MatrixServer.SessionIdsAsync(client))[0], server);

            var answer = await connection.SendAsync(Bearing(operation) ? call.With("Authorization", $"Bearer {client.AccessToken}") : call);

            Assert.True(answer.Status == status, $"{operation}: {answer.Status} {answer.Body}");
            Assert.Null(answer.Header("Set-Cookie"));
            Assert.Empty(document.Faults(operation.Method, operation.Pattern, answer));
        }
    }

    [Fact]
    public async Task EveryGuardedRoute_EveryBadBearer_IsRefused()
    {
        await using var round = await MatrixRound.BeginAsync(server, "bearer");
        foreach (var row in BadBearers.All(server))
        {
            foreach (var operation in Guarded)
            {
                await round.SendAsync(row.Name, row.Put(Make(operation)), row.Problem);
            }

            foreach (var operation in LookingThemselves)
            {
                await round.SendAsync(row.Name, row.Put(Make(operation)), row.ByItself ?? row.Problem);
            }

            await round.EndRowAsync(row.Name);
        }

        round.End(output);
        Assert.Equal(200, (await server.Live.MeAsync()).Status);
    }

    [Fact]
    public async Task EveryAddress_OtherMethodsWithEveryBadBearer_AreRefused()
    {
        await using var round = await MatrixRound.BeginAsync(server, "bearer, methods that no route takes");
        var addresses = Guarded.Concat(LookingThemselves).GroupBy(static operation => operation.Pattern, StringComparer.Ordinal).ToList();
        foreach (var row in BadBearers.All(server))
        {
            foreach (var address in addresses)
            {
                var taken = server.Operations.Where(operation => operation.Pattern == address.Key).Select(static operation => operation.Method);
                foreach (var method in Methods.Except(taken, StringComparer.Ordinal))
                {
                    await round.SendAsync(row.Name, row.Put(Make(address.First())) with { Method = method }, Expected.MethodNotAllowed);
                }
            }

            await round.EndRowAsync(row.Name);
        }

        round.End(output);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("%2f")]
    [InlineData("/.")]
    [InlineData("/%2e")]
    [InlineData(";admin=1")]
    [InlineData("/../me")]
    [InlineData("%00")]
    [InlineData("?access_token")]
    [InlineData("#")]
    [InlineData(".json")]
    public async Task Me_OtherSpellingsOfTheAddress_OpenNothing(string suffix)
    {
        using var connection = new RawConnection(server.Address);
        string[] addresses =
        [
            "/api/v1/users/me", "/API/V1/USERS/ME", "//api/v1/users/me", "/api//v1/users/me", "/./api/v1/users/me", "/x/../api/v1/users/me",
            "/api/v1/users%2fme", "/api/v1/users/%6de", "http://localhost/api/v1/users/me",
        ];
        foreach (var address in addresses)
        {
            foreach (var bearer in (string?[])[null, server.LoggedOut.AccessToken])
            {
                var call = new RawCall("GET", address + suffix);
                var answer = await connection.SendAsync(bearer is null ? call : call.With("Authorization", $"Bearer {bearer}"));

                Assert.True(answer.Status is 400 or 401 or 404, $"{call.Target}: {answer.Status} {answer.Body}");
                Assert.DoesNotContain(server.Live.Email, answer.Body, StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    [Fact]
    public void EveryRoute_LooksAtNoRoles()
    {
        // A token keeps its roles until it expires. The day a route asks for one, a role that was taken away must become a row of this matrix.
        Assert.DoesNotContain(server.Operations, static operation => operation.Pattern.Contains("admin", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(server.RolesAskedFor);
    }

    [Fact]
    public async Task Forge_NothingChanged_IsAccepted()
    {
        // What the whole matrix rests on: a token made here is good, unless something is wrong with it.
        Assert.Equal(200, (await server.Live.MeAsync(server.Access.Sign())).Status);
        Assert.Equal(200, (await server.Live.MeAsync(server.Access.Sign(static claims => claims["more"] = 1))).Status);
        Assert.Equal(200, (await server.Live.MeAsync(server.Access.Tamper(static _ => { }))).Status);
        Assert.Equal(200, (await server.Live.MeAsync(server.Access.Sign(header: static header => header["typ"] = "application/at+jwt"))).Status);
    }

    [Fact]
    public async Task EveryRefreshRoute_EveryBadRefreshToken_IsRefused()
    {
        await using var round = await MatrixRound.BeginAsync(server, "refresh token");
        foreach (var row in await BadRefreshTokens.AllAsync(server))
        {
            await round.RestartAsync();
            foreach (var operation in Taking(OwnCredential.RefreshToken))
            {
                await round.SendAsync(row.Name, row.Put(operation), row.AtRefresh);
            }

            if (row.AtLogout is { } refusal)
            {
                foreach (var operation in LookingThemselves)
                {
                    // What ends every session says why it does not, as a refresh does.
                    var isEverywhere = operation.Pattern.EndsWith("/logout-all", StringComparison.Ordinal);
                    await round.SendAsync(row.Name, row.Put(operation), isEverywhere ? row.AtRefresh : refusal);
                }
            }

            await round.EndRowAsync(row.Name, row.Writes);
        }

        round.End(output);
        Assert.Equal(200, (await server.Live.MeAsync()).Status);
    }

    [Fact]
    public async Task EveryLogoutRoute_RefreshTokenOfASessionThatIsOver_ChangesNothing()
    {
        using var connection = new RawConnection(server.Address);
        await using var database = await DatabaseDigest.OpenAsync(server.Database);
        var before = await database.TakeAsync();
        ApiClient[] ended =
        [
            server.LoggedOut, server.LoggedOutEverywhere, server.EndedFromElsewhere, server.PasswordChanged, server.FamilyRevoked, server.Deactivated,
        ];
        foreach (var client in ended)
        {
            // What a logout asks for is so already; ending every session is for those who hold a live one.
            var once = await connection.SendAsync(
                BadRefreshToken.Json(new Operation("POST", "/api/v1/auth/logout", RequiresLogin: false), client.RefreshToken));
            var everywhere = await connection.SendAsync(
                BadRefreshToken.Json(new Operation("POST", "/api/v1/auth/logout-all", RequiresLogin: false), client.RefreshToken));

            Assert.Equal(204, once.Status);
            Assert.Equal((400, client == server.Deactivated ? "account_inactive" : "session_revoked"), (everywhere.Status, everywhere.Code));
        }

        Assert.Equal(before, await database.TakeAsync());
    }

    [Fact]
    public async Task EveryPasswordRoute_EveryBadPassword_IsRefusedAlike()
    {
        await using var round = await MatrixRound.BeginAsync(server, "password");
        var refusal = Expected.Grant("invalid_credentials");
        foreach (var (name, username, password) in BadPasswords.AtLogin(server))
        {
            foreach (var operation in Taking(OwnCredential.Password))
            {
                var call = new RawCall(operation.Method, operation.Pattern);
                await round.SendAsync(name, call.WithBody("application/json", JsonSerializer.Serialize(new { username, password })), refusal);
                await round.SendAsync(
                    name,
                    call.WithBody("application/x-www-form-urlencoded", $"username={Uri.EscapeDataString(username)}&password={Uri.EscapeDataString(password)}"),
                    refusal);
            }

            await round.EndRowAsync(name);
        }

        round.End(output);
    }

    [Fact]
    public async Task EveryConfirmedRoute_WrongCurrentPassword_IsRefused()
    {
        await using var round = await MatrixRound.BeginAsync(server, "current password, under a good bearer token");
        var client = await server.NewAccountAsync();
        await round.RestartAsync();
        var confirmed = Guarded.Where(operation => GoodRequests.Make(operation, client, "-").Call.Body.Span.IndexOf("current_password"u8) >= 0).ToList();
        Assert.Equal(2, confirmed.Count);
        foreach (var (name, password) in BadPasswords.OfAnAccount(server, client))
        {
            foreach (var operation in confirmed)
            {
                using var wrong = new ApiClient(server.Address) { Email = client.Email, OwnPassword = password };
                var call = GoodRequests.Make(operation, wrong, "-").Call.With("Authorization", $"Bearer {client.AccessToken}");
                await round.SendAsync(name, call, Expected.Grant("invalid_credentials"));
            }

            await round.EndRowAsync(name);
        }

        round.End(output);
        Assert.Equal(200, (await client.MeAsync()).Status);
    }

    [Fact]
    public async Task EveryClientRoute_EveryBadClient_IsRefused()
    {
        await using var round = await MatrixRound.BeginAsync(server, "client");
        foreach (var (name, put, refusal) in BadClients.All(server))
        {
            foreach (var operation in Taking(OwnCredential.Client))
            {
                await round.SendAsync(name, put(new RawCall(operation.Method, operation.Pattern)), refusal);
            }

            await round.EndRowAsync(name);
        }

        round.End(output);
        Assert.Equal(200, (await server.Live.MeAsync()).Status);
    }

    [Fact]
    public async Task EveryClientRoute_GoodClientWithEveryBadToken_LearnsAndEndsNothing()
    {
        using var connection = new RawConnection(server.Address);
        var refreshTokens = (await BadRefreshTokens.AllAsync(server)).Select(static row => (row.Name, row.Text));
        await using var database = await DatabaseDigest.OpenAsync(server.Database);
        var before = await database.TakeAsync();
        List<string> faults = [];
        var rows = BadBearers.All(server).Select(static row => (row.Name, row.Text)).Concat(refreshTokens)
            .Where(static row => row is { Text.Length: > 0 and < 9000, Name: not "access token" }).ToList();
        foreach (var (name, token) in rows)
        {
            var asked = await connection.SendAsync(ClientCall("introspect", token!, MatrixServer.ClientForm));
            if (asked.Status != 200 || asked.Body != """{"active":false}""")
            {
                faults.Add($"{name} | introspect: {asked.Status} {asked.Body}");
            }
        }

        Assert.Equal(200, (await connection.SendAsync(ClientCall("introspect", server.Live.AccessToken, MatrixServer.ClientForm))).Status);
        var stranger = await connection.SendAsync(
            ClientCall("introspect", server.Live.AccessToken, $"client_id=other&client_secret={MatrixServer.OtherSecret}"));
        await connection.SendAsync(ClientCall("revoke", server.Live.AccessToken, $"client_id=other&client_secret={MatrixServer.OtherSecret}"));

        output.WriteLine(server.Report.Add("introspection of bad tokens, by a good client", rows.Count, rows.Count, rows.Count - faults.Count));
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Equal("""{"active":false}""", stranger.Body);
        Assert.Equal(before, await database.TakeAsync());
        Assert.Equal(200, (await server.Live.MeAsync()).Status);
    }

    [Fact]
    public async Task Sessions_IdOfAnotherAccount_IsTheAnswerOfAnUnknownOne()
    {
        await using var round = await MatrixRound.BeginAsync(server, "session ids");
        var own = (await MatrixServer.SessionIdsAsync(server.Stranger))[0];
        foreach (var (name, id) in new[]
        {
            ("of another account", server.OtherSessionId), ("unknown", Guid.CreateVersion7().ToString()), ("over", server.LoggedOut.SessionId()),
            ("no UUID", "1"),
            ("own in upper case, with a brace", "{" + own.ToUpperInvariant() + "}"),
            ("own without dashes", own.Replace("-", string.Empty, StringComparison.Ordinal)), ("SQL", "'%20OR%201=1%20--"),
        })
        {
            var call = new RawCall(
                "DELETE", $"/api/v1/auth/sessions/{Uri.EscapeDataString(id)}").With("Authorization", $"Bearer {server.Stranger.AccessToken}");
            await round.SendAsync(name, call, new Expected(404, "session_not_found"));
            await round.EndRowAsync(name);
        }

        round.End(output);
    }

    private static RawCall ClientCall(string route, string token, string client) =>
        new RawCall("POST", $"/api/v1/auth/{route}").WithBody("application/x-www-form-urlencoded", $"token={Uri.EscapeDataString(token)}&{client}");

    private IEnumerable<Operation> Taking(OwnCredential credential) =>
        server.Operations.Where(operation => AnonymousRoutes.All.TryGetValue(operation.ToString(), out var route) && route.Takes == credential);

    private static bool Bearing(Operation operation) =>
        operation.RequiresLogin || AnonymousRoutes.All[operation.ToString()].Takes == OwnCredential.RefreshTokenOrBearer;

    private RawCall Make(Operation operation) => GoodRequests.Make(operation, server.Live, server.OtherSessionId).Call;
}
