using Countersign.Passwords.Formats;
using Countersign.Passwords.Tests.Support;

namespace Countersign.Passwords.Tests.Formats;

public sealed class StoredHashTests
{
    private const string Salt = "gzQk54Kuyo49P1iKCI8v6O";
    private const string Digest = "vu6pNh.KRY5G.K/7GtPlRwNKOdTEuHu";
    private const string DjangoKey = "sb1S/ym5C/tQzzMv2WbGAAh3fXZ7fdpR9Q+u4jJHZUQ=";
    private const string PasslibSalt = "630vRWjtPef8nxOiVGrtfQ";
    private const string PasslibKey = "dulZ.B2z./3F4zRf/WqdO9/RvI55KaYJ/FgD.4LzKxw";

    [Fact]
    public void TryParse_BcryptParserVectors_AllAsExpected()
    {
        List<string> wrong = [];
        foreach (var row in VectorFile.Read("bcrypt_vectors.json").GetProperty("parse").EnumerateArray())
        {
            bool isExpected = row.Text("expect") is "accept" or "parse-ok-format" or "parse-ok-verify-false";
            if (StoredHash.TryParse(row.Text("stored_hash"), maxCost: 16) is not null != isExpected)
            {
                wrong.Add($"{row.Text("id")}: {row.Text("why")}");
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("$2b$16$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC", 16)]
    [InlineData("$2a$04$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC", 4)]
    [InlineData("$2y$12$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC", 12)]
    [InlineData($"$bcrypt-sha256$v=2,t=2b,r=12${Salt}${Digest}", 12)]
    [InlineData($"$bcrypt-sha256$v=2,t=2b,r=4${Salt}${Digest}", 4)]
    [InlineData($"$bcrypt-sha256$2b,12${Salt}${Digest}", 12)]
    [InlineData($"$bcrypt-sha256$2a,16${Salt}${Digest}", 16)]
    [InlineData($"pbkdf2_sha256$10000000$u72S2mPHaSFk${DjangoKey}", null)]
    [InlineData($"$pbkdf2-sha256$10000000${PasslibSalt}${PasslibKey}", null)]
    [InlineData("AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==", null)]
    [InlineData("AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw", null)]
    public void TryParse_WellFormed_ReadsTheCost(string text, int? cost)
    {
        var stored = StoredHash.TryParse(text, maxCost: 16);

        Assert.NotNull(stored);
        Assert.Equal(cost, stored.Cost);
    }

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("", "empty")]
    [InlineData("plain text", "unknown")]
    [InlineData("$2b$17$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC", "bcrypt: above the cap")]
    [InlineData("$2x$12$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC", "bcrypt: the faulty variant")]
    [InlineData($"$bcrypt-sha256$v=2,t=2b,r=17${Salt}${Digest}", "bcrypt-sha256: above the cap")]
    [InlineData($"$bcrypt-sha256$v=2,t=2b,r=3${Salt}${Digest}", "bcrypt-sha256: below bcrypt's floor")]
    [InlineData($"$bcrypt-sha256$v=2,t=2b,r=012${Salt}${Digest}", "bcrypt-sha256: leading zero")]
    [InlineData($"$bcrypt-sha256$v=2,t=2a,r=12${Salt}${Digest}", "bcrypt-sha256: version 2 has 2b only")]
    [InlineData($"$bcrypt-sha256$v=3,t=2b,r=12${Salt}${Digest}", "bcrypt-sha256: unknown version")]
    [InlineData($"$bcrypt-sha256$v=1,t=2b,r=12${Salt}${Digest}", "bcrypt-sha256: version 1 has another spelling")]
    [InlineData($"$bcrypt-sha256$2y,12${Salt}${Digest}", "bcrypt-sha256: unknown variant")]
    [InlineData($"$bcrypt-sha256$2b,12${Salt}", "bcrypt-sha256: no digest")]
    [InlineData($"$bcrypt-sha256$2b,12${Salt}${Digest}$", "bcrypt-sha256: a part too many")]
    [InlineData($"$bcrypt-sha256$2b,12$gzQk54Kuyo49P1iKCI8v6P${Digest}", "bcrypt-sha256: salt not canonical")]
    [InlineData("$bcrypt-sha256$", "bcrypt-sha256: nothing else")]
    [InlineData($"pbkdf2_sha256$10000001$u72S2mPHaSFk${DjangoKey}", "Django: above the cap")]
    [InlineData($"pbkdf2_sha256$99999999999999999999$u72S2mPHaSFk${DjangoKey}", "Django: above every number")]
    [InlineData($"pbkdf2_sha256$0$u72S2mPHaSFk${DjangoKey}", "Django: no iterations")]
    [InlineData($"pbkdf2_sha256$-1$u72S2mPHaSFk${DjangoKey}", "Django: sign")]
    [InlineData($"pbkdf2_sha256$٠٤$u72S2mPHaSFk${DjangoKey}", "Django: digits that are not ASCII")]
    [InlineData($"pbkdf2_sha256$1000$${DjangoKey}", "Django: empty salt")]
    [InlineData($"pbkdf2_sha256$1000$sält${DjangoKey}", "Django: salt not ASCII")]
    [InlineData("pbkdf2_sha256$1000$u72S2mPHaSFk$sb1S/ym5C/tQzzMv2WbGAAh3fXZ7fdpR9Q+u4jJHZU==", "Django: key too short")]
    [InlineData("pbkdf2_sha256$1000$u72S2mPHaSFk$sb1S/ym5C/tQzzMv2WbGAAh3fXZ7fdpR9Q+u4jJHZUQ", "Django: padding missing")]
    [InlineData("pbkdf2_sha256$1000$u72S2mPHaSFk$sb1S/ym5C/tQzzMv2WbGAAh3fXZ7fdpR9Q+u4jJHZUR=", "Django: unused bits set")]
    [InlineData("pbkdf2_sha256$1000$u72S2mPHaSFk$sb1S/ym5C/tQzzMv2WbGAAh3fXZ7fdpR9Q+u4jJ ZUQ=", "Django: white space")]
    [InlineData($"pbkdf2_sha1$1000$u72S2mPHaSFk${DjangoKey}", "Django: another function")]
    [InlineData($"$pbkdf2-sha256$10000001${PasslibSalt}${PasslibKey}", "passlib: above the cap")]
    [InlineData($"$pbkdf2-sha256$1000$${PasslibKey}", "passlib: empty salt")]
    [InlineData($"$pbkdf2-sha256$1000${PasslibSalt}==${PasslibKey}", "passlib: padding")]
    [InlineData("$pbkdf2-sha256$1000$630vRWjtPef8nxOiVGrtfQ$dulZ+B2z./3F4zRf/WqdO9/RvI55KaYJ/FgD.4LzKxw", "passlib: plus instead of dot")]
    [InlineData($"$pbkdf2-sha512$1000${PasslibSalt}${PasslibKey}", "passlib: another function")]
    [InlineData("AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1u", "Identity V2: too short")]
    [InlineData("AQAAAAMAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw", "Identity V3: unknown function")]
    [InlineData("AQAAAAIAAAAAAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw", "Identity V3: no iterations")]
    [InlineData("AQAAAAIAmJaBAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw", "Identity V3: above the cap")]
    [InlineData("AQAAAAL/////AAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw", "Identity V3: iterations that wrap around")]
    [InlineData("AQAAAAIAAAAyAAAADOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw", "Identity V3: salt too short")]
    [InlineData("AQAAAAIAAAAyAAAAEeMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw", "Identity V3: key too short")]
    [InlineData("AQAAAAIAAAAy/////+MwvhP+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw", "Identity V3: salt that wraps around")]
    [InlineData("AgAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw", "Identity: unknown version")]
    [InlineData(" AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw", "Identity: white space")]
    [InlineData("AQAAAAIAAAAyAAAAEOMwvh3+FZxq    kdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw", "Identity: white space that keeps the length a multiple of four")]
    [InlineData("AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw\r\n\r\n", "Identity: line ends")]
    [InlineData("AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJh==", "Identity V2: unused bits set")]
    public void TryParse_MalformedOrAboveALimit_IsNull(string? text, string because) =>
        Assert.True(StoredHash.TryParse(text, maxCost: 16) is null, because);

    [Fact]
    public void TryParse_LongerThan512Characters_IsNull()
    {
        Assert.NotNull(StoredHash.TryParse($"pbkdf2_sha256$1${new string('s', 451)}${DjangoKey}", 16));
        Assert.Null(StoredHash.TryParse($"pbkdf2_sha256$1${new string('s', 452)}${DjangoKey}", 16));
    }

    [Fact]
    public void TryParse_IterationsTimesBlocksAboveTheCap_IsNull()
    {
        // 6,000,000 iterations are allowed, but two SHA-512 blocks of key make twelve million of them.
        var blob = new byte[13 + 16 + 128];
        blob[0] = 1;
        blob[4] = 2;
        (blob[5], blob[6], blob[7], blob[8]) = (0x00, 0x5B, 0x8D, 0x80);
        blob[12] = 16;

        Assert.Null(StoredHash.TryParse(Convert.ToBase64String(blob), 16));
        Assert.NotNull(StoredHash.TryParse(Convert.ToBase64String(blob[..^64]), 16));
    }
}
