using System.Buffers.Binary;
using System.Text;
using Countersign.Conformance.Nodes.Proxying;

namespace Countersign.Conformance.Tests;

public sealed class ProxyProtocolTests
{
    [Theory]
    [InlineData("BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED", StatementKind.Begin)]
    [InlineData("COMMIT", StatementKind.Commit)]
    [InlineData("ROLLBACK", StatementKind.Rollback)]
    [InlineData("ROLLBACK TO SAVEPOINT x", StatementKind.Other)]
    [InlineData("INSERT INTO \"t\" (a) VALUES (1)", StatementKind.Write)]
    [InlineData("UPDATE \"t\" SET a = 1", StatementKind.Write)]
    [InlineData("\n  update t as s set a = 1", StatementKind.Write)]
    [InlineData("WITH w AS (UPDATE t SET a = 1 RETURNING a) SELECT * FROM w", StatementKind.Write)]
    [InlineData("DELETE FROM t", StatementKind.Write)]
    [InlineData("SELECT a FROM t ORDER BY id FOR UPDATE SKIP LOCKED", StatementKind.Other)]
    [InlineData("SELECT a FROM t FOR NO KEY UPDATE OF t", StatementKind.Other)]
    [InlineData("SELECT updated FROM t", StatementKind.Other)]
    [InlineData("SELECT pg_notify('c', '')", StatementKind.Other)]
    [InlineData("", StatementKind.Other)]
    public void KindOf_Sql_IsWhatItDoes(string sql, object kind) => Assert.Equal((StatementKind)kind, Statements.KindOf(sql));

    [Fact]
    public void Read_StreamCutAnywhere_GivesTheSameMessages()
    {
        byte[] stream = [.. Query("BEGIN"), .. Sync(), .. Query("COMMIT")];

        for (int cut = 0; cut <= stream.Length; cut++)
        {
            var reader = new FrameReader();
            var frames = reader.Read(stream.AsSpan(0, cut)).Concat(reader.Read(stream.AsSpan(cut))).ToList();

            Assert.Equal("QSQ", string.Concat(frames.Select(static frame => frame.Type)));
            Assert.Equal(stream, frames.SelectMany(static frame => frame.Bytes.ToArray()));
        }
    }

    [Fact]
    public void Read_LengthThatNoMessageHas_Throws() => Assert.Throws<InvalidDataException>(static () => new FrameReader().Read([(byte)'Q', 0, 0, 0, 3]));

    [Fact]
    public void Watch_TransactionThatWrites_PassesEachPointOnce()
    {
        var watch = new ConnectionWatch();

        Assert.Null(To(watch, Query("BEGIN")));
        Assert.Null(Run(watch, "SELECT a FROM t FOR UPDATE"));
        Assert.Equal(KillPoint.BeforeWrite, Run(watch, "UPDATE t SET a = 1"));
        Assert.Null(Run(watch, "INSERT INTO u VALUES (1)"));
        Assert.Null(To(watch, Sync()));
        Assert.Null(From(watch, 'C', "UPDATE 1\0"));
        Assert.Null(From(watch, 'Z', "T"));
        Assert.Equal(KillPoint.BeforeCommit, To(watch, Query("COMMIT")));
        Assert.Equal(KillPoint.AfterCommit, From(watch, 'C', "COMMIT\0"));
        Assert.Null(From(watch, 'Z', "I"));
    }

    [Fact]
    public void Watch_StatementWithoutTransaction_CommitsWithItsSync()
    {
        var watch = new ConnectionWatch();

        Assert.Equal(KillPoint.BeforeWrite, Run(watch, "UPDATE t SET a = 1"));
        Assert.Equal(KillPoint.BeforeCommit, To(watch, Sync()));
        Assert.Null(From(watch, 'C', "UPDATE 1\0"));
        Assert.Equal(KillPoint.AfterCommit, From(watch, 'Z', "I"));
    }

    [Fact]
    public void Watch_TransactionThatOnlyReads_PassesNoPoint()
    {
        var watch = new ConnectionWatch();

        Assert.Null(To(watch, Query("BEGIN")));
        Assert.Null(Run(watch, "SELECT 1"));
        Assert.Null(To(watch, Query("COMMIT")));
        Assert.Null(From(watch, 'C', "COMMIT\0"));
        Assert.Null(From(watch, 'Z', "I"));
    }

    [Fact]
    public void Watch_TransactionRolledBack_PassesNoCommit()
    {
        var watch = new ConnectionWatch();

        To(watch, Query("BEGIN"));
        Run(watch, "UPDATE t SET a = 1");

        Assert.Null(To(watch, Query("ROLLBACK")));
        Assert.Null(To(watch, Query("COMMIT")));
    }

    private static KillPoint? Run(ConnectionWatch watch, string sql)
    {
        To(watch, Message('P', $"s\0{sql}\0\0\0"));
        To(watch, Message('B', "\0s\0"));
        return To(watch, Message('E', "\0\0\0\0\0"));
    }

    private static KillPoint? To(ConnectionWatch watch, byte[] message) => watch.ToDatabase(new FrameReader().Read(message).Single());

    private static KillPoint? From(ConnectionWatch watch, char type, string body) => watch.FromDatabase(new FrameReader().Read(Message(type, body)).Single());

    private static byte[] Query(string sql) => Message('Q', sql + "\0");

    private static byte[] Sync() => Message('S', string.Empty);

    private static byte[] Message(char type, string body)
    {
        byte[] bytes = new byte[5 + Encoding.UTF8.GetByteCount(body)];
        bytes[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), bytes.Length - 1);
        Encoding.UTF8.GetBytes(body, bytes.AsSpan(5));
        return bytes;
    }
}
