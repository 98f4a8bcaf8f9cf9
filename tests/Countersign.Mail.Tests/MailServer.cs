using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;
using ServiceProvider = SmtpServer.ComponentModel.ServiceProvider;

namespace Countersign.Mail.Tests;

/// <summary>A real SMTP server on loopback. It answers a receiver by its local part: <c>unknown</c>, <c>full</c>, <c>spam</c>, <c>hang</c>.</summary>
internal sealed class MailServer : MailboxFilter, IMessageStore, IUserAuthenticator, IAsyncDisposable
{
    public const string UserName = "countersign";
    public const string Password = "the password at the mail server";

    private readonly ConcurrentQueue<MimeMessage> _messages = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private MailServer(bool withTls, bool isSecure, bool requiresLogin, string host)
    {
        Port = FreePort();
        Certificate = MakeCertificate(host);
        var options = new SmtpServerOptionsBuilder()
            .ServerName("mail.example.com")
            .Endpoint(endpoint =>
            {
                endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, Port)).IsSecure(isSecure).AuthenticationRequired(requiresLogin);
                if (withTls || isSecure)
                {
                    endpoint.Certificate(Certificate);
                }
            })
            .Build();
        var services = new ServiceProvider();
        services.Add((IMessageStore)this);
        services.Add((IMailboxFilter)this);
        services.Add((IUserAuthenticator)this);
        _running = new SmtpServer.SmtpServer(options, services).StartAsync(_stop.Token);
    }

    public int Port { get; }

    public X509Certificate2 Certificate { get; }

    public IReadOnlyList<MimeMessage> Messages => [.. _messages];

    public static MailServer Start(bool withTls = true, bool isSecure = false, bool requiresLogin = true, string host = "localhost") =>
        new(withTls, isSecure, requiresLogin, host);

    public override async Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox @from, CancellationToken cancellationToken)
    {
        if (to.User == "hang")
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return to.User switch
        {
            "unknown" => throw new SmtpResponseException(new SmtpResponse(SmtpReplyCode.MailboxUnavailable, $"5.1.1 <{to.User}@{to.Host}>: no such mailbox")),
            "full" => throw new SmtpResponseException(new SmtpResponse((SmtpReplyCode)451, $"4.3.0 <{to.User}@{to.Host}>: try again later")),
            _ => true,
        };
    }

    public async Task<SmtpResponse> SaveAsync(
        ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(buffer.ToArray());
        var message = await MimeMessage.LoadAsync(stream, cancellationToken);
        if (transaction.To.Any(static to => to.User == "spam"))
        {
            return new SmtpResponse(SmtpReplyCode.TransactionFailed, "5.7.1 refused as spam");
        }

        _messages.Enqueue(message);
        return SmtpResponse.Ok;
    }

    public Task<bool> AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancellationToken) =>
        Task.FromResult(user == UserName && password == Password);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        Certificate.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static X509Certificate2 MakeCertificate(string host)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        // A key that lives in the certificate's own file: the platform's TLS can't use one in memory everywhere.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
