using Countersign.Interop.Tests.Support;
using Countersign.Passwords;

namespace Countersign.Interop.Tests;

/// <summary>Hashes of passlib and bcrypt verify here, and ours there.</summary>
public sealed class PythonPasswordTests
{
    private static readonly PasswordHasher Hasher = new(cost: 10);

    /// <summary>Bytes that a wrong reading of UTF-8, of signs or of lengths would show in.</summary>
    private static readonly string[] Short =
        ["correct horse battery", "U*U*U*U*", "pässwörd ñ", "\u00ff\u00ff\u00a3", "日本語のパスワード", "🔑🔑🔑", " ", new('a', 71), new('a', 72), new('é', 36)];

    private static readonly string[] Long = [new('a', 73), new('a', 200), new('é', 37), new('日', 100)];

    public static TheoryData<string, string, bool> Foreign => new()
    {
        { "bcrypt", "short", false },
        { "bcrypt-2a", "short", true },
        { "bcrypt-2y", "short", true },
        { "bcrypt_sha256", "short", true },
        { "bcrypt_sha256", "long", false },
        { "bcrypt_sha256-v1", "long", true },
        { "pbkdf2_sha256", "short", true },
        { "pbkdf2_sha256", "long", true },
        { "django_pbkdf2_sha256", "long", true },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task Verify_HashOfPasslib_Succeeds(string scheme, string length, bool rehash)
    {
        await Python.RequireAsync();
        var passwords = length == "long" ? Long : Short;
        var hashes = await Python.RunAsync([.. passwords.Select(password => new { @do = "passlib-hash", scheme, password })]);
        foreach (var (password, hash) in passwords.Zip(hashes))
        {
            Assert.Equal(rehash ? PasswordVerification.SuccessRehashNeeded : PasswordVerification.Success, Hasher.Verify(password, hash.Text));
            Assert.Equal(PasswordVerification.Failed, Hasher.Verify(password + "x", hash.Text));
        }

        InteropTable.Passed("passlib", $"its {scheme} hashes verify here ({length} passwords)", $"{passwords.Length} passwords");
    }

    [Fact]
    public async Task Hash_VerifiedByPasslibAndBcrypt_Succeeds()
    {
        await Python.RequireAsync();
        var hashes = Short.Select(password => (Password: password, Hash: Hasher.Hash(password))).ToList();
        var answers = await Python.RunAsync(
        [
            .. hashes.Select(row => new { @do = "context-verify", password = row.Password, hash = row.Hash }),
            .. hashes.Select(row => new { @do = "bcrypt-verify", password = row.Password, hash = row.Hash }),
            .. hashes.Select(row => new { @do = "context-verify", password = row.Password + "x", hash = row.Hash }),
        ]);

        Assert.All(answers.Take(2 * hashes.Count), answer => Assert.True(answer.IsTrue));

        // A password that fills bcrypt's 72 bytes is not told from a longer one by those who truncate; we never hash one of those that way.
        var distinguished = hashes.Zip(answers.Skip(2 * hashes.Count)).Where(row => System.Text.Encoding.UTF8.GetByteCount(row.First.Password) < 72);
        Assert.All(distinguished, row => Assert.False(row.Second.IsTrue));
        InteropTable.Passed("passlib", "verifies our $2b$ hashes", $"{hashes.Count} passwords");
        InteropTable.Passed("bcrypt", "verifies our $2b$ hashes", $"{hashes.Count} passwords");
    }

    [Fact]
    public async Task Hash_LongPassword_VerifiedByPasslib()
    {
        await Python.RequireAsync();
        var hashes = Long.Select(password => (Password: password, Hash: Hasher.Hash(password))).ToList();
        var answers = await Python.RunAsync(
        [
            .. hashes.Select(row => new { @do = "passlib-verify", scheme = "bcrypt_sha256", password = row.Password, hash = row.Hash }),
            .. hashes.Select(row => new { @do = "passlib-verify", scheme = "bcrypt_sha256", password = row.Password + "x", hash = row.Hash }),
        ]);

        Assert.All(answers.Take(hashes.Count), answer => Assert.True(answer.IsTrue));
        Assert.All(answers.Skip(hashes.Count), answer => Assert.False(answer.IsTrue));
        InteropTable.Passed("passlib", "verifies our $bcrypt-sha256$ hashes, every byte of them", $"{hashes.Count} passwords");
    }

    [Fact]
    public async Task Verify_HashOfBcrypt_Succeeds()
    {
        await Python.RequireAsync();
        var hashes = await Python.RunAsync([.. Short.Select(password => new { @do = "bcrypt-hash", password })]);
        Assert.All(Short.Zip(hashes), row => Assert.Equal(PasswordVerification.Success, Hasher.Verify(row.First, row.Second.Text)));
        InteropTable.Passed("bcrypt", "its hashes verify here", $"{Short.Length} passwords");
    }

    /// <summary><c>deprecated="auto"</c>: who is out of date is the same there and here.</summary>
    [Fact]
    public async Task Hash_OfTheDefaultCost_IsUpToDateThereAndHere()
    {
        await Python.RequireAsync();
        var current = new PasswordHasher();
        var ours = current.Hash("correct horse battery");
        var answers = await Python.RunAsync(
            new { @do = "context-needs-update", hash = ours },
            new { @do = "context-hash", password = "correct horse battery" });

        Assert.False(answers[0].IsTrue);
        Assert.Equal(PasswordVerification.Success, current.Verify("correct horse battery", answers[1].Text));
        InteropTable.Passed("passlib", "the context of the specification: no update of ours is due, nor of its own");
    }
}
