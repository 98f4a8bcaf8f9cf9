using Microsoft.EntityFrameworkCore;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>Sign-up in an app whose Identity has its defaults: addresses need not be unique, and no index holds them so.</summary>
public sealed class SignUpTests
{
    private static readonly GuestSetup Open = new() { Countersign = static options => options.Registration = Registration.Open };

    [Fact]
    public async Task Register_OneAddressManyTimesAtOnce_OneAccount()
    {
        await using var app = await GuestApp.StartAsync(Open);
        string[] spellings = ["kim@b\u00FCcher.example", "KIM@B\u00DCCHER.example", "kim@xn--bcher-kva.example", "Kim@bu\u0308cher.example"];

        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(index => Task.Run(() => app.RegisterAsync(spellings[index % spellings.Length]))));

        Assert.Single(replies, static reply => reply.Status == 201);
        Assert.Equal(15, replies.Count(static reply => (reply.Status, reply.Code) == (409, "email_taken")));
        Assert.Equal(1, await app.WithContextAsync(static context => context.Users.CountAsync()));
        foreach (var spelling in spellings)
        {
            Assert.Equal(200, (await app.LoginAsync(spelling)).Status);
        }
    }

    /// <summary>Accounts that the app has made, under whichever spelling, are found by both.</summary>
    [Theory]
    [InlineData("ada@b\u00FCcher.example")]
    [InlineData("ada@xn--bcher-kva.example")]
    public async Task Login_AccountOfTheAppWithAnInternationalisedDomain_BothSpellingsFindIt(string stored)
    {
        await using var app = await GuestApp.StartAsync(Open);
        await app.CreateAsync("ada", stored);

        Assert.Equal(200, (await app.LoginAsync("ada@b\u00FCcher.example")).Status);
        Assert.Equal(200, (await app.LoginAsync("ada@xn--bcher-kva.example")).Status);
        Assert.Equal("email_taken", (await app.RegisterAsync("ada@b\u00FCcher.example")).Code);
        Assert.Equal("email_taken", (await app.RegisterAsync("ada@xn--bcher-kva.example")).Code);
    }

    /// <summary>Two accounts share the address, and one of them has it as its user name: that one is meant.</summary>
    [Fact]
    public async Task Login_AddressThatTwoShare_MeansTheOneWithThatUserNameOrNeither()
    {
        await using var app = await GuestApp.StartAsync(Open);
        Assert.Equal(201, (await app.RegisterAsync("both@example.com")).Status);
        await app.CreateAsync("stranger", "both@example.com", "Another quiet harbour, 8");

        Assert.Equal(200, (await app.LoginAsync("both@example.com")).Status);
        Assert.Equal(400, (await app.LoginAsync("both@example.com", "Another quiet harbour, 8")).Status);
        Assert.Equal(200, (await app.LoginAsync("stranger", "Another quiet harbour, 8")).Status);
        Assert.Equal("email_taken", (await app.RegisterAsync("both@example.com")).Code);
    }

    /// <summary>
    /// An account of the app is called like an address that is not its own. It logs in by that name, so a sign-up that would take the name over is refused.
    /// The owner of the address, once there is an account of it, is meant before it.
    /// </summary>
    [Fact]
    public async Task Register_AddressIsAnothersUserName_IsTakenAndTheOtherGoesOnLoggingIn()
    {
        await using var app = await GuestApp.StartAsync(Open);
        await app.CreateAsync("ann@example.com", email: null);

        Assert.Equal("email_taken", (await app.RegisterAsync("ann@example.com")).Code);
        Assert.Equal(200, (await app.LoginAsync("ann@example.com")).Status);

        await app.CreateAsync("owner", "ann@example.com", "Another quiet harbour, 8");
        Assert.Equal(200, (await app.LoginAsync("ann@example.com", "Another quiet harbour, 8")).Status);
    }

    /// <summary>Nothing is learned of an address by a request that could not have made an account.</summary>
    [Theory]
    [InlineData("x", null)]
    [InlineData("no capital, 7 herons", null)]
    [InlineData(GuestApp.Password, "a name")]
    public async Task Register_CannotSucceed_AnswersAlikeForKnownAndUnknownAddresses(string password, string? name)
    {
        await using var app = await GuestApp.StartAsync(Open);
        await app.CreateAsync("ann", "ann@example.com");

        var known = await app.SendAsync("POST", "/api/v1/auth/register", new { email = "ann@example.com", password, display_name = name });
        var unknown = await app.SendAsync("POST", "/api/v1/auth/register", new { email = "new@example.com", password, display_name = name });

        Assert.Equal(400, known.Status);
        Assert.Equal(unknown.Text, known.Text);
    }

    [Theory]
    [InlineData("Production", 400)]
    [InlineData("Staging", 400)]
    [InlineData("Development", 201)]
    public async Task Register_Localhost_OnlyInDevelopment(string environment, int status)
    {
        await using var app = await GuestApp.StartAsync(new GuestSetup { Countersign = Open.Countersign, Environment = environment });

        Assert.Equal(status, (await app.RegisterAsync("ann@localhost")).Status);
    }

    /// <summary>What the app's options refuse as a user name can't be an account: no later change of it could be saved.</summary>
    [Fact]
    public async Task Register_AddressWithACharacterThatTheAppRefuses_IsInvalid()
    {
        await using var app = await GuestApp.StartAsync(Open);

        Assert.Equal("email_invalid", (await app.RegisterAsync("o'brien@example.com")).Code);
        Assert.Equal("password_refused", (await app.RegisterAsync("new@example.com", "no capital, 7 herons")).Code);
    }
}
