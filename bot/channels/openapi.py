"""The OpenAPI document of the web channel."""

from __future__ import annotations

from typing import Any, Final

_TEXT: Final = {"type": "string"}
_METADATA: Final = {
    "type": "object",
    "required": ["topic", "tier", "sources", "reviewed_on"],
    "properties": {
        "topic": {
            "type": "string",
            "description": "Topic the bubble answers, or the safety tier, or a small-talk topic.",
        },
        "tier": {"enum": ["none", "crisis", "urgent_mood", "medical_emergency", "pregnancy_exposure"]},
        "sources": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["title", "publisher", "url", "checked_on"],
                "properties": {
                    "title": _TEXT,
                    "publisher": _TEXT,
                    "url": {"type": ["string", "null"], "format": "uri"},
                    "checked_on": {"type": "string", "format": "date"},
                },
            },
        },
        "reviewed_on": {"type": ["string", "null"], "format": "date"},
    },
}
_SCHEMAS: Final = {
    "Session": {
        "type": "object",
        "required": ["token", "expires_at"],
        "properties": {"token": _TEXT, "expires_at": {"type": "string", "format": "date-time"}},
    },
    "Incoming": {
        "type": "object",
        "description": "Exactly one of text and payload.",
        "additionalProperties": False,
        "properties": {
            "text": {"type": "string", "minLength": 1, "description": "What the person typed."},
            "payload": {
                "type": "string",
                "description": "The payload of a button that was offered in this conversation.",
            },
            "message_id": {
                "type": "string",
                "pattern": "^[A-Za-z0-9_-]{1,64}$",
                "description": "Chosen by the client. Sending the same again returns the first result.",
            },
            "country": {
                "type": "string",
                "pattern": "^[A-Z]{2}$",
                "description": "The country that help lines are for until the person says another, such as UK.",
            },
        },
    },
    "Metadata": _METADATA,
    "Bubble": {
        "type": "object",
        "required": ["id", "text", "buttons", "metadata"],
        "properties": {
            "id": _TEXT,
            "text": {"type": "string", "description": "Plain text: paragraphs, and lists whose lines start with '- '."},
            "buttons": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["title", "payload"],
                    "properties": {"title": _TEXT, "payload": _TEXT},
                },
            },
            "metadata": {"$ref": "#/components/schemas/Metadata"},
        },
    },
    "Replies": {
        "type": "object",
        "required": ["messages", "done"],
        "properties": {
            "messages": {"type": "array", "items": {"$ref": "#/components/schemas/Bubble"}},
            "done": {
                "type": "boolean",
                "description": "False if this is a first reply; send the same message_id again to get the rest.",
            },
        },
    },
    "Feedback": {
        "type": "object",
        "required": ["id", "helped"],
        "additionalProperties": False,
        "properties": {"id": {"type": "string", "description": "The id of a bubble."}, "helped": {"type": "boolean"}},
    },
    "History": {
        "type": "object",
        "required": ["turns"],
        "properties": {
            "turns": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["message_id", "text", "sent_at", "done", "messages"],
                    "properties": {
                        "message_id": _TEXT,
                        "text": {"type": "string", "description": "What the person typed, or the title of the button."},
                        "sent_at": {"type": "string", "format": "date-time"},
                        "done": {"type": "boolean", "description": "False while the turn is being answered."},
                        "messages": {"type": "array", "items": {"$ref": "#/components/schemas/Bubble"}},
                    },
                },
            }
        },
    },
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT},
    },
}


def _body(schema: str, description: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content}


def _problem(description: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": description, "content": content}


def openapi_document(prefix: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document for the channel served below `prefix`."""
    token: list[dict[str, list[str]]] = [{"session": []}]
    unauthorized = {"401": _problem("No token, a forged or ended one, or the session was deleted.")}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Isotretinoin assistant, web channel", "version": "1.0.0"},
        "paths": {
            f"{prefix}/session": {
                "post": {
                    "summary": "Open a session",
                    "responses": {
                        "201": _body("Session", "The token to send with every request."),
                        "429": _problem("Too many sessions from this address."),
                    },
                },
                "delete": {
                    "summary": "Delete the session and everything said in it",
                    "security": token,
                    "responses": {
                        "204": {"description": "Deleted."},
                        **unauthorized,
                        "503": _problem("The database cannot be reached; nothing was deleted."),
                    },
                },
            },
            f"{prefix}/messages": {
                "post": {
                    "summary": "Say something and get the replies",
                    "security": token,
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Incoming"}}},
                    },
                    "responses": {
                        "200": _body("Replies", "One entry per bubble."),
                        "400": _problem("The body is not what this document asks for."),
                        **unauthorized,
                        "413": _problem("The message is too long."),
                        "415": _problem("The body is not declared as JSON."),
                        "429": _problem("Too many messages in this session."),
                    },
                },
                "get": {
                    "summary": "The conversation so far",
                    "security": token,
                    "responses": {
                        "200": _body("History", "The latest turns, oldest first."),
                        **unauthorized,
                        "503": _problem("The database cannot be reached."),
                    },
                },
            },
            f"{prefix}/feedback": {
                "post": {
                    "summary": "Say whether a bubble helped; the last word counts",
                    "security": token,
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Feedback"}}},
                    },
                    "responses": {
                        "204": {"description": "Kept, without any words of the person."},
                        "400": _problem("The body is not what this document asks for, or there is no such bubble."),
                        **unauthorized,
                        "415": _problem("The body is not declared as JSON."),
                        "429": _problem("Too many messages in this session."),
                        "503": _problem("The database cannot be reached."),
                    },
                }
            },
            f"{prefix}/openapi.json": {
                "get": {
                    "summary": "This document",
                    "responses": {"200": {"description": "OpenAPI 3.1", "content": {"application/json": {}}}},
                }
            },
        },
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
        },
    }
