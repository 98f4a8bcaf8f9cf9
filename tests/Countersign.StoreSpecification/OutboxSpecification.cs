using System.Security.Cryptography;
using Countersign.Sessions.Stores;

namespace Countersign.StoreSpecification;

/// <summary>What the outbox and the tokens of mails do on every store.</summary>
public abstract class OutboxSpecification(ITestDatabase database) : StoreSuite(database)
{
    private const string Purpose = "reset_password";

    [Fact]
    public async Task Add_Mail_IsReadAsItWasWritten()
    {
        var outbox = (await StartNodeAsync()).Get<IOutboxStore>();
        var mail = Mail() with
        {
            UserId = "ada", Address = "ada@b\u00FCcher.example", Culture = "de-AT", Network = "2001:db8::/64", Device = "Firefox on Windows",
        };

        Assert.True(await outbox.AddAsync(mail, "key", default));

        Assert.Equal(mail, Assert.Single(await outbox.FindDueAsync(mail.DueAt, 10, default)));
        Assert.Empty(await outbox.FindDueAsync(mail.DueAt.AddTicks(-1), 10, default));
        Assert.Equal((mail.CreatedAt, mail.DueAt), await outbox.FindQueueAsync(default));
    }

    [Fact]
    public async Task Add_SameKeyAtOnce_OneWaitsUntilItIsDone()
    {
        var outbox = (await StartNodeAsync()).Get<IOutboxStore>();

        var added = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => outbox.AddAsync(Mail(), "key", default))));

        Assert.Single(added, static one => one);
        var waiting = Assert.Single(await outbox.ListAsync(10, default));
        await outbox.CloseAsync(waiting.Id, MailOutcome.Sent, ("ada", Purpose), Time.GetUtcNow(), null, default);
        Assert.True(await outbox.AddAsync(Mail(), "key", default));
        Assert.True(await outbox.AddAsync(Mail(), null, default) && await outbox.AddAsync(Mail(), null, default));
    }

    [Fact]
    public async Task Claim_ManyAtOnce_OneGetsTheMail()
    {
        var outbox = (await StartNodeAsync()).Get<IOutboxStore>();
        var mail = Mail();
        await outbox.AddAsync(mail, null, default);

        var claims = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => Task.Run(() => outbox.ClaimAsync(mail, mail.DueAt.AddMinutes(1), default))));

        Assert.Single(claims, static claim => claim);
        var claimed = Assert.Single(await outbox.FindDueAsync(mail.DueAt.AddMinutes(1), 10, default));
        Assert.Equal((1, mail.DueAt.AddMinutes(1)), (claimed.Attempts, claimed.DueAt));
    }

    /// <summary>The retry of an operator must not let a second node send what the first is sending.</summary>
    [Fact]
    public async Task Claim_MailThatWasMovedMeanwhile_IsRefused()
    {
        var outbox = (await StartNodeAsync()).Get<IOutboxStore>();
        var mail = Mail();
        await outbox.AddAsync(mail, null, default);
        Assert.Equal(1, await outbox.RetryAsync(mail.Id, mail.DueAt.AddSeconds(1), default));

        Assert.False(await outbox.ClaimAsync(mail, mail.DueAt.AddMinutes(1), default));
    }

    [Fact]
    public async Task Close_Sent_CountsForTheAccountAndForgetsTheRest()
    {
        var outbox = (await StartNodeAsync()).Get<IOutboxStore>();
        var mail = Mail() with { Address = "ada@example.com", Device = "Firefox", Network = "192.0.2.1" };
        await outbox.AddAsync(mail, "key", default);
        await outbox.CloseAsync(mail.Id, MailOutcome.Sent, ("ada", Purpose), Time.GetUtcNow(), null, default);

        Assert.Equal([Time.GetUtcNow()], await outbox.FindSentAsync("ada", Purpose, Time.GetUtcNow().AddHours(-1), default));
        Assert.Empty(await outbox.FindSentAsync("ada", "confirm_email", Time.GetUtcNow().AddHours(-1), default));
        Assert.Empty(await outbox.FindSentAsync("ada", Purpose, Time.GetUtcNow(), default));
        Assert.Empty(await outbox.ListAsync(10, default));
        Assert.Null(await outbox.FindQueueAsync(default));
        Assert.Equal(1, await CountRowsAsync("countersign_mail", "address IS NULL AND device IS NULL AND network IS NULL AND waiting_key IS NULL"));
    }

    [Fact]
    public async Task Close_WithoutAnAccount_DeletesTheRow()
    {
        var outbox = (await StartNodeAsync()).Get<IOutboxStore>();
        var mail = Mail() with { Address = "nobody@example.com" };
        await outbox.AddAsync(mail, "key", default);

        await outbox.CloseAsync(mail.Id, MailOutcome.Dropped, account: null, Time.GetUtcNow(), null, default);

        Assert.Equal(0, await CountRowsAsync("countersign_mail", "1 = 1"));
    }

    [Fact]
    public async Task Issue_Again_ReplacesTheTokenOfThatPurposeAlone()
    {
        var node = await StartNodeAsync();
        var (outbox, tokens) = (node.Get<IOutboxStore>(), node.Get<IMailTokenStore>());
        var mail = Mail();
        await outbox.AddAsync(mail, null, default);
        var (first, second, other) = (Token(1), Token(2), Token(3) with { Purpose = "confirm_email" });

        foreach (var token in new[] { first, other, second })
        {
            Assert.True(await tokens.IssueAsync(mail.Id, token, new byte[] { 1, 2, 3 }, default));
        }

        Assert.Null(await tokens.FindAsync(first.Hash, default));
        Assert.Equal(second.ExpiresAt, (await tokens.FindAsync(second.Hash, default))!.ExpiresAt);
        Assert.Equal("confirm_email", (await tokens.FindAsync(other.Hash, default))!.Purpose);
        Assert.Equal([1, 2, 3], Assert.Single(await outbox.ListAsync(10, default)).SealedToken!.Value.ToArray());
    }

    [Fact]
    public async Task Issue_ForAMailThatIsDone_KeepsNothing()
    {
        var node = await StartNodeAsync();
        var (outbox, tokens) = (node.Get<IOutboxStore>(), node.Get<IMailTokenStore>());
        var mail = Mail();
        await outbox.AddAsync(mail, null, default);
        await outbox.CloseAsync(mail.Id, MailOutcome.Dropped, ("ada", Purpose), Time.GetUtcNow(), null, default);

        Assert.False(await tokens.IssueAsync(mail.Id, Token(1), new byte[] { 1 }, default));
        Assert.Null(await tokens.FindAsync(Token(1).Hash, default));
    }

    [Fact]
    public async Task Use_ManyAtOnce_OneSucceedsUntilItIsReturned()
    {
        var node = await StartNodeAsync();
        var tokens = node.Get<IMailTokenStore>();
        var token = await IssueAsync(node);

        var uses = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => tokens.UseAsync(token.Hash, Time.GetUtcNow(), default))));

        Assert.Single(uses, static use => use);
        Assert.False(await tokens.ProlongAsync(token.Hash, Time.GetUtcNow().AddHours(1), default));
        await tokens.ReturnAsync(token.Hash, default);
        Assert.True(await tokens.UseAsync(token.Hash, Time.GetUtcNow(), default));
    }

    [Fact]
    public async Task Use_Expired_FailsUnlessItWasProlonged()
    {
        var node = await StartNodeAsync();
        var tokens = node.Get<IMailTokenStore>();
        var token = await IssueAsync(node);
        Assert.False(await tokens.UseAsync(token.Hash, token.ExpiresAt, default));

        Assert.True(await tokens.ProlongAsync(token.Hash, token.ExpiresAt.AddMinutes(1), default));
        Assert.True(await tokens.UseAsync(token.Hash, token.ExpiresAt, default));
    }

    [Fact]
    public async Task Count_ManyAtOnce_NoMoreThanAllowed()
    {
        var node = await StartNodeAsync();
        var tokens = node.Get<IMailTokenStore>();
        var token = await IssueAsync(node);

        var counted = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => tokens.CountAsync(token.Hash, 5, Time.GetUtcNow(), default))));

        Assert.Equal(5, counted.Count(static one => one));
        await tokens.UncountAsync(token.Hash, default);
        Assert.True(await tokens.CountAsync(token.Hash, 5, Time.GetUtcNow(), default));
        Assert.False(await tokens.CountAsync(token.Hash, 5, Time.GetUtcNow(), default));
    }

    private async Task<MailToken> IssueAsync(Node node)
    {
        var mail = Mail();
        await node.Get<IOutboxStore>().AddAsync(mail, null, default);
        Assert.True(await node.Get<IMailTokenStore>().IssueAsync(mail.Id, Token(1), new byte[] { 1 }, default));
        return Token(1);
    }

    private QueuedMail Mail() => new() { Id = Guid.CreateVersion7(Time.GetUtcNow()), Kind = Purpose, CreatedAt = Time.GetUtcNow(), DueAt = Time.GetUtcNow() };

    private MailToken Token(byte seed) =>
        new("ada", Purpose, SHA256.HashData([seed]), "ADA@EXAMPLE.COM", SHA256.HashData([]), Time.GetUtcNow().AddMinutes(30), null);
}
