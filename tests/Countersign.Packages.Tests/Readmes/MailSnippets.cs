using System.Net;
using System.Net.Http.Json;
using Countersign.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Packages.Tests.Readmes;

/// <summary>The code of the guide for mail, and of the readme of its package.</summary>
public sealed class MailSnippets
{
    [Fact]
    public void Mail_Snippet_SendsMail()
    {
        var builder = NewBuilder();
        builder.Services.AddCountersign<AppUser, AppDbContext>(o =>
        {
            o.Mail.Links.ConfirmEmail = "https://app.example.com/confirm-email";
            o.Mail.Links.ResetPassword = "https://app.example.com/reset-password";
        }).AddMail();
        builder.Configuration["Auth:Mail:Host"] = "smtp.example.com";
        builder.Configuration["Auth:Mail:From"] = "accounts@example.com";

        using var services = builder.Services.BuildServiceProvider();
        Assert.True(services.GetRequiredService<IAccountMail>().CanSend);
    }

    [Fact]
    public void Provider_Snippet_TakesThePlaceOfThePackage()
    {
        var builder = NewBuilder();
        builder.Services.AddHttpClient<IAccountMail, ProviderMail>();
        builder.Services.AddCountersign<AppUser, AppDbContext>().AddMail();

        using var services = builder.Services.BuildServiceProvider();
        using var scope = services.CreateScope();
        Assert.IsType<ProviderMail>(scope.ServiceProvider.GetRequiredService<IAccountMail>());
    }

    [Fact]
    public void Guide_EachBlockOfCode_IsCompiled() =>
        Assert.Equal(3, Listings.AssertCompiled("docs/guides/mail.md", "tests/Countersign.Packages.Tests/Readmes"));

    private static WebApplicationBuilder NewBuilder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddDbContext<AppDbContext>(o => o.UseSqlite("Data Source=unused.db"));
        return builder;
    }
}

public sealed class ProviderMail(HttpClient http) : IAccountMail
{
    public async Task SendAsync(AccountMail mail, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://api.provider.example/v1/messages");
        request.Headers.Add("Idempotency-Key", mail.Id.ToString());   // the same in every attempt
        request.Content = JsonContent.Create(new
        {
            to = mail.To,
            template = mail.Kind.ToString(),
            language = mail.Culture.Name,
            data = new { name = mail.DisplayName, link = mail.Link?.AbsoluteUri, at = mail.At, device = mail.Device, network = mail.Network },
        });
        using var response = await http.SendAsync(request, cancellationToken);
        if (response.StatusCode is HttpStatusCode.UnprocessableEntity)
        {
            throw new MailRejectedException("The provider refuses this mail for good.");
        }

        response.EnsureSuccessStatusCode();                           // anything else is tried again later
    }
}
