using System.ComponentModel.DataAnnotations;

namespace CountersignApi;

/// <summary>Something to do.</summary>
public sealed class Todo
{
    public const int MaxTitleLength = 200;

    public int Id { get; init; }

    public required string OwnerId { get; init; }

    public required string Title { get; init; }
}

/// <summary>What a client sends to add one.</summary>
public sealed record NewTodo([Required, StringLength(Todo.MaxTitleLength)] string Title);

/// <summary>What a client sees of one.</summary>
public sealed record TodoItem(int Id, string Title);
