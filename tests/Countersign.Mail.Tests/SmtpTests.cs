using System.Net.Security;
using Countersign.AspNetCore;

namespace Countersign.Mail.Tests;

/// <summary>What arrives at a real SMTP server, and what each of its refusals means.</summary>
public sealed class SmtpTests
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MailSecurity.StartTls)]
    [InlineData(MailSecurity.Tls)]
    public async Task Send_WithTlsAndLogin_Arrives(MailSecurity security)
    {
        await using var server = MailServer.Start(isSecure: security is MailSecurity.Tls);

        await SendAsync(server, Mails.Reset(), options => options.Security = security);

        var message = Assert.Single(server.Messages);
        Assert.Equal("Set a new password for Example", message.Subject);
        Assert.Equal("ada@example.com", Assert.Single(message.To.Mailboxes).Address);
        Assert.Equal(("Example", "accounts@example.com"), (message.From.Mailboxes.Single().Name, message.From.Mailboxes.Single().Address));
        Assert.Equal("help@example.com", message.ReplyTo.Mailboxes.Single().Address);
        Assert.Equal("auto-generated", message.Headers["Auto-Submitted"]);
        Assert.Equal($"{Mails.Reset().Id:N}@example.com", message.MessageId);
        Assert.Contains(Mails.Reset().Link!.AbsoluteUri, message.TextBody, StringComparison.Ordinal);
        Assert.Contains(Mails.Reset().Link!.AbsoluteUri, message.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_AddressOutsideAscii_Arrives()
    {
        await using var server = MailServer.Start();

        await SendAsync(server, Mails.Reset("ada@b\u00FCcher.example"));

        Assert.Equal("ada@b\u00FCcher.example", Assert.Single(server.Messages).To.Mailboxes.Single().Address);
    }

    [Theory]
    [InlineData("unknown@example.com", "550 5.1.1 …")]
    [InlineData("spam@example.com", "554 5.7.1")]
    public async Task Send_RefusedForGood_IsRejectedWithTheAnswerAndWithoutTheAddress(string to, string answer)
    {
        await using var server = MailServer.Start();

        var rejected = await Assert.ThrowsAsync<MailRejectedException>(() => SendAsync(server, Mails.Reset(to)));

        Assert.StartsWith(answer, rejected.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("@", rejected.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_RefusedForNow_IsAFailure()
    {
        await using var server = MailServer.Start();

        var failure = await Assert.ThrowsAsync<IOException>(() => SendAsync(server, Mails.Reset("full@example.com")));

        Assert.StartsWith("451 4.3.0", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("full@", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_ServerHangs_EndsWhenItIsCancelled()
    {
        await using var server = MailServer.Start();
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(1500));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync(server, Mails.Reset("hang@example.com"), cancellation: limit.Token));
    }

    [Fact]
    public async Task Send_NobodyListens_IsAFailure()
    {
        var server = MailServer.Start();
        await server.DisposeAsync();

        await Assert.ThrowsAsync<IOException>(() => SendAsync(server, Mails.Reset()));
    }

    /// <summary>A server, or somebody on the way, that does not offer TLS gets neither the password nor the mail.</summary>
    [Fact]
    public async Task Send_ServerWithoutStartTls_SendsNothing()
    {
        await using var server = MailServer.Start(withTls: false, requiresLogin: false);

        await Assert.ThrowsAsync<IOException>(() => SendAsync(server, Mails.Reset(), static options => (options.UserName, options.Password) = (null, null)));
        Assert.Empty(server.Messages);
    }

    [Theory]
    [InlineData(MailSecurity.StartTls)]
    [InlineData(MailSecurity.Tls)]
    public async Task Send_CertificateThatNobodyTrusts_SendsNothing(MailSecurity security)
    {
        await using var server = MailServer.Start(isSecure: security is MailSecurity.Tls);

        await Assert.ThrowsAsync<IOException>(() => SendAsync(server, Mails.Reset(), options => options.Security = security, trusts: false));
        Assert.Empty(server.Messages);
    }

    [Fact]
    public async Task Send_CertificateOfAnotherHost_SendsNothing()
    {
        await using var server = MailServer.Start(host: "other.example.com");

        await Assert.ThrowsAsync<IOException>(() => SendAsync(server, Mails.Reset()));
        Assert.Empty(server.Messages);
    }

    /// <summary>The operator can mend it, so the mail waits.</summary>
    [Fact]
    public async Task Send_WrongPassword_IsAFailureAndNoRejection()
    {
        await using var server = MailServer.Start();

        var failure = await Assert.ThrowsAsync<IOException>(() => SendAsync(server, Mails.Reset(), static options => options.Password = "another password"));

        Assert.DoesNotContain("another password", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Messages);
    }

    /// <summary>Without TLS on loopback, as beside a relay on the same machine.</summary>
    [Fact]
    public async Task Send_NoneOnLoopback_Arrives()
    {
        await using var server = MailServer.Start(withTls: false, requiresLogin: false);

        await SendAsync(server, Mails.Reset(), static options => (options.Security, options.UserName, options.Password) = (MailSecurity.None, null, null));

        Assert.Single(server.Messages);
    }

    private async Task SendAsync(
        MailServer server, AccountMail mail, Action<CountersignMailOptions>? configure = null, bool trusts = true, CancellationToken? cancellation = null)
    {
        var options = new CountersignMailOptions
        {
            Host = "localhost",
            Port = server.Port,
            UserName = MailServer.UserName,
            Password = MailServer.Password,
            From = "Example <accounts@example.com>",
            ReplyTo = "help@example.com",
        };
        configure?.Invoke(options);
        List<string> faults = [];
        var composer = new MailComposer(MailTemplates.Read(null, faults), MailComposer.Parse(options.From)!, MailComposer.Parse(options.ReplyTo), "Example");
        Assert.Empty(faults);
        using var message = await composer.ComposeAsync(mail);
        await new SmtpDelivery(options, trusts ? Trust : null).DeliverAsync(message, mail, cancellation ?? _cancellation);

        // What a certificate of an authority would pass: everything but the chain is checked.
        bool Trust(
            object sender,
            System.Security.Cryptography.X509Certificates.X509Certificate? certificate,
            System.Security.Cryptography.X509Certificates.X509Chain? chain,
            SslPolicyErrors errors) => errors is SslPolicyErrors.RemoteCertificateChainErrors or SslPolicyErrors.None;
    }
}
