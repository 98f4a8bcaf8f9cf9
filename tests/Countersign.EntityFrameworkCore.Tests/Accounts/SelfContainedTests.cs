using System.Linq.Expressions;
using Countersign.EntityFrameworkCore.Accounts;

namespace Countersign.EntityFrameworkCore.Tests.Accounts;

public sealed class SelfContainedTests
{
    private static readonly DateTimeOffset Moment = DateTimeOffset.UnixEpoch;

    private readonly int _least = 3;

    private static bool Switch { get; set; }

    [Fact]
    public void Is_ParameterAndLiterals_True()
    {
        Assert.All(
            new Expression<Func<Account, bool>>[]
            {
                account => true,
                account => account.IsActive,
                account => !account.IsDisabled && account.IsActive,
                account => account.Name != "blocked",
                account => account.Level >= 3 ? account.IsActive : account.Name == null,
                account => account.Kind == Kind.Person,
                account => account.Until.HasValue,
                account => account.Since < account.Until!.Value,
                account => account.Team!.IsActive,
                account => account.Rate == 1.5,
                account => account.Level > account.Score,
                account => (account.Kind & Kind.Person) == 0,
            },
            static expression => Assert.True(Is(expression), expression.ToString()));
    }

    [Fact]
    public void Is_AnythingFromOutside_False()
    {
        var local = "blocked";
        Assert.All(
            new Expression<Func<Account, bool>>[]
            {
                account => account.Name != local,
                account => account.Level >= _least,
                account => account.Until > Moment,
                account => Switch,
                account => account.Until > TimeProvider.System.GetUtcNow(),
                account => account.Name!.StartsWith("ab", StringComparison.Ordinal),
                account => new[] { "a", "b" }.Contains(account.Name),
                account => account.Until == new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero),
                account => account.Tags.Any(tag => tag == local),
            },
            static expression => Assert.False(Is(expression), expression.ToString()));
    }

    /// <summary>One account on which the database fails would take all that are asked for with it.</summary>
    [Fact]
    public void Is_WhatADatabaseCanFailOn_False() => Assert.All(
        new Expression<Func<Account, bool>>[]
        {
            account => 100 / account.Level > 1,
            account => 100 % account.Level > 1,
            account => account.Level + 1 > 1,
            account => account.Level * 2 > 1,
            account => -account.Level > 1,
            account => (int)account.Score > 1,
            account => (short)account.Level > 1,
            account => (double)account.Score > account.Rate,
            account => account.Since.Year > 2020,
            account => account.Until!.Value.UtcDateTime.Year > 2020,
            account => account.Name!.Length > 3,
            account => account.Tags.Count > 0,
        },
        static expression => Assert.False(Is(expression), expression.ToString()));

    private static bool Is(LambdaExpression expression) => SelfContained.Is(expression, static type => type == typeof(Account) || type == typeof(Team));

    private enum Kind
    {
        Person = 1,
    }

    private sealed class Team
    {
        public bool IsActive { get; set; }
    }

    private sealed class Account
    {
        public bool IsActive { get; set; }

        public bool IsDisabled { get; set; }

        public string? Name { get; set; }

        public int Level { get; set; }

        public long Score { get; set; }

        public double? Rate { get; set; }

        public Kind Kind { get; set; }

        public DateTimeOffset? Until { get; set; }

        public DateTimeOffset Since { get; set; }

        public Team? Team { get; set; }

        public IList<string> Tags { get; } = [];
    }
}
