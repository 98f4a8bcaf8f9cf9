extern alias todo;

using System.Net;
using System.Net.Http.Json;
using Countersign.AspNetCore;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Program = todo::Program;

namespace Countersign.Testing.Tests;

/// <summary>The mails of an app under test come into the mailbox, and nowhere else.</summary>
public sealed class MailboxTests(MailboxTests.MailingApi api) : IClassFixture<MailboxTests.MailingApi>
{
    [Fact]
    public async Task ForgotPassword_TheMail_SetsANewPassword()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var client = api.CreateClient();
        var mailbox = api.Services.GetRequiredService<TestMailbox>();
        await client.AuthenticateAsync(api.Services, "ada@example.com");

        using var asked = await client.PostAsJsonAsync("/api/v1/auth/forgot-password", new { email = "ada@example.com" }, cancellation);
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        var mail = await mailbox.WaitForAsync(AccountMailKind.ResetPassword, "ada@example.com", cancellation);
        using var reset = await client.PostAsJsonAsync(
            "/api/v1/auth/reset-password",
            new { token = TestMailbox.TokenOf(mail), new_password = "seven herons by the weir" },
            cancellation);

        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
    }

    public sealed class MailingApi : WebApplicationFactory<Program>
    {
        private readonly SqliteTestDatabase _database = new();

        protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
            .ConfigureServices(static services => services.AddSingleton<IAccountMail, RealMail>())
            .UseSetting("ConnectionStrings:App", _database.ConnectionString)
            .UseSetting("Auth:Mail:Links:ConfirmEmail", "https://app.example.com/confirm")
            .UseSetting("Auth:Mail:Links:ResetPassword", "https://app.example.com/reset")
            .UseCountersignTesting();

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            _database.Dispose();
        }
    }

    private sealed class RealMail : IAccountMail
    {
        public Task SendAsync(AccountMail mail, CancellationToken cancellationToken) => throw new InvalidOperationException("A test has sent a real mail.");
    }
}
